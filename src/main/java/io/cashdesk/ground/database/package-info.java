/** Access to PostgreSQL: connections, migrations, ids, transactions with retries, classification of errors. */
package io.cashdesk.ground.database;
