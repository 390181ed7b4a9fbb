/** Provider reports: received, verified, and applied to the order by one path, in one transaction. */
package io.cashdesk.notification;
