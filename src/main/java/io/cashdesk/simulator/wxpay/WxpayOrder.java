package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Trade;

/** An order with what only WeChat Pay stores of it. */
public record WxpayOrder(Trade trade, WxpayOrderDetail detail) {}
