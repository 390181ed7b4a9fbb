/** What the operator decided at start: checked, and what is missing is named. */
package io.cashdesk.ground.setting;
