/** The API of WeChat cloud functions' CloudPay, on top of service-provider mode. */
package io.cashdesk.face.cloudpay;
