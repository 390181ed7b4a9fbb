/**
 * Coins that a provider keeps for a merchant's users: their balance, and what the merchant spends, takes back and
 * gives.
 */
package io.cashdesk.coin;
