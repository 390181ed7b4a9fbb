package io.cashdesk.face.epay;

import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.EpayAccess;
import io.cashdesk.merchant.Merchant;

/**
 * The shop that calls, after its key or signature was verified.
 *
 * @param authority what it may do: everything of its merchant in the mode of its number
 */
record Shop(EpayAccess access, Merchant merchant, Authority authority) {}
