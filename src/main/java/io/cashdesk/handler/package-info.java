/** Code of whoever builds his own WAR, run when an order is paid until it says yes. */
package io.cashdesk.handler;
