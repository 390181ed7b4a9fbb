/** A merchant's accounts at providers, secrets sealed, and the one method that calls adapters. */
package io.cashdesk.account;
