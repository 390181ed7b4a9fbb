/** Who the payer is to a wallet: codes, openids, session keys, access tokens. */
package io.cashdesk.openid;
