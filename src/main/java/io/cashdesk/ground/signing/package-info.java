/** Signatures and ciphers over bytes, the vault's too; knows keys and algorithms, no provider. */
package io.cashdesk.ground.signing;
