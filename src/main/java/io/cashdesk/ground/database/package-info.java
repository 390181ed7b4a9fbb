/** The one PostgreSQL: connections, migrations, ids, transactions. */
package io.cashdesk.ground.database;
