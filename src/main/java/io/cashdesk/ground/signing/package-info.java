/** Hashes and encryption of stored secrets; independent of any provider. */
package io.cashdesk.ground.signing;
