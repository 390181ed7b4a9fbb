/** Other people's words for our operations, one chamber each, no rule of its own. */
package io.cashdesk.face;
