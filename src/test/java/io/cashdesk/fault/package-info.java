/**
 * The rules of money under random faults: orders are paid, paid twice, refunded and left unpaid while providers,
 * networks, merchants and our own nodes fail; afterwards the providers' records and ours are compared one by one.
 */
package io.cashdesk.fault;
