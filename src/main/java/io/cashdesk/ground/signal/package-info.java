/** "Something changed", from any node to every waiting request: a hint, never the truth. */
package io.cashdesk.ground.signal;
