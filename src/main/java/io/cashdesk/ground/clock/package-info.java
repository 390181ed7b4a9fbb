/** The one clock of this node: the database's time, measured, so that all nodes agree about every moment. */
package io.cashdesk.ground.clock;
