/** Orders, refunds and deliveries as people and merchants read them: immutable records, no JSON, no HTML. */
package io.cashdesk.view;
