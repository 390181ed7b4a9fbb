/** Background jobs stored in tables (db-scheduler), and the retry schedule. */
package io.cashdesk.ground.job;
