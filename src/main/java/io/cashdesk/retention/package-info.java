/** How long the big append-only tables keep their rows: makes their partitions ahead, and drops old ones. */
package io.cashdesk.retention;
