/** Code in a WAR built from this one, run when an order is paid until it returns true. */
package io.cashdesk.handler;
