/** What every provider can be asked and may answer; adapters live in chambers below. */
package io.cashdesk.provider;
