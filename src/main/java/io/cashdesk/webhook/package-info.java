/** Our news on its way to merchants, until they have heard it. */
package io.cashdesk.webhook;
