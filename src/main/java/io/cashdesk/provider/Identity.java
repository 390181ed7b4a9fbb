package io.cashdesk.provider;

/**
 * Who we are to a provider in one account. Attempt numbers are unique per (provider, merchantNo).
 *
 * @param merchantNo WeChat mchid; Alipay seller id where it is configured, otherwise the app id
 * @param appId the application id
 */
public record Identity(String merchantNo, String appId) {}
