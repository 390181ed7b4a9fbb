/** What the operator decided at start: checked, and what is missing is named. And that he wants this node to stop. */
package io.cashdesk.ground.setting;
