package io.cashdesk.provider;

import java.net.URI;
import java.util.Map;

/** A provider that can say who a payer is, from a code that the wallet gave to a client or a browser. */
public interface Logins {
    /** The product whose application a code belongs to if the caller names no platform: the mini-program's. */
    PayType defaultLogin();

    /**
     * The API's calls that exchange this wallet's codes, by the part of their name after {@code code2Session}: "Weixin"
     * for a mini-program's (docs/api.md, "getOpenid").
     */
    Map<String, PayType> sessionCalls();

    /** The query parameter in which the wallet's page sends the code back. */
    String codeParameter();

    /** The page of the wallet that sends the browser back with a code, without showing anything to the payer. */
    URI authorize(AccountSettings account, URI backTo, String state);

    /**
     * @param payType for which product: a mini-program's code and a page's code are exchanged in different ways
     * @throws ProviderFailure DECLINED if the code is wrong, used or too old
     */
    Openid openid(AccountSettings account, PayType payType, String code);
}
