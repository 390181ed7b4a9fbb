/** Money going back: asked for, accepted, arrived or failed. */
package io.cashdesk.refund;
