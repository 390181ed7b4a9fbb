/** The management API: a server set up by a machine. */
package io.cashdesk.manage;
