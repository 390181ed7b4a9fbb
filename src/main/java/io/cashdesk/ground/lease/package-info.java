/** Claim, until, finish only under the claim. */
package io.cashdesk.ground.lease;
