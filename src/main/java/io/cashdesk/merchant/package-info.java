/** Who may ask us for payments, with which keys. */
package io.cashdesk.merchant;
