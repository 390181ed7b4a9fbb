/** Every way we can say no, and the one place where a no becomes HTTP. */
package io.cashdesk.ground.problem;
