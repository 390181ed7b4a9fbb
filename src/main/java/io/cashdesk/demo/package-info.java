/** A demo shop: a merchant that uses only the public API. */
package io.cashdesk.demo;
