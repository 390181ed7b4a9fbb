/** The pay order as a merchant reads it: one shape for answers and webhooks. */
package io.cashdesk.view;
