/** A merchant's accounts at providers, secrets sealed. */
package io.cashdesk.account;
