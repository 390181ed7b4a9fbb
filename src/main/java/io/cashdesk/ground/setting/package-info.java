/** The operator's settings, checked at start, and the event that this node is being suspended. */
package io.cashdesk.ground.setting;
