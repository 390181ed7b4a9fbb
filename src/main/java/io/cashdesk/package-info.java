/**
 * Cashdesk: a self-hosted hosted checkout and unified payment server. docs/architecture.md is the first page to read.
 */
package io.cashdesk;
