package io.cashdesk.simulator.wechat;

/**
 * A merchant's application (mini-program or official account) at the simulated WeChat.
 *
 * @param subAppId the application that is bound to the merchant's one sub-merchant
 * @param secret for the login of both, and for access tokens
 */
public record WechatApplication(String appId, String subAppId, String secret) {}
