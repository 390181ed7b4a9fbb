/** A customer of ours that knows only the public API. */
package io.cashdesk.demo;
