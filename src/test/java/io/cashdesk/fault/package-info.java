/**
 * The rules of money under fire: orders that are paid, paid twice, refunded and forgotten while providers, networks, merchants and
 * our own nodes fail; afterwards the providers' books and ours are compared line by line.
 */
package io.cashdesk.fault;
