/** Who may call this server for payments, with which keys. */
package io.cashdesk.merchant;
