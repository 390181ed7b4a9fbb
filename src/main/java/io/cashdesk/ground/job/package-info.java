/** Background work kept in a table (db-scheduler): claim, run, try again later, give up loudly. */
package io.cashdesk.ground.job;
