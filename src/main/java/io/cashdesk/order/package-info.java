/** The pay order: what is owed, what arrived, what may happen next. */
package io.cashdesk.order;
