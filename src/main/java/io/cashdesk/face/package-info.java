/** Operations of this server in the APIs of other products, one package each, without rules of their own. */
package io.cashdesk.face;
