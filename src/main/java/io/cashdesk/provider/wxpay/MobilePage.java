package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * The H5 page that a merchant registered, as {@code sceneInfo.h5_info} of the node describes it, with the field names
 * of API v2. Each refusal is a sentence that names the key.
 *
 * @param info its fields as they are configured; empty if there are none
 */
record MobilePage(JsonObject info) {
    private static final String NODE = "sceneInfo.h5_info";
    private static final String NAME = "wap_name";
    private static final String URL = "wap_url";

    /** @throws WrongNodeValue if the configuration is malformed */
    static MobilePage of(AccountSettings settings) {
        var scene = object("sceneInfo", settings.values().get("sceneInfo"));
        var info = object(NODE, scene.get("h5_info"));
        info.forEach((name, value) -> require(
                value instanceof JsonString,
                NODE + "." + name + " 必须是文本，例如 \"Wap\"",
                NODE + "." + name + " must be a text, for instance \"Wap\""));
        return new MobilePage(info);
    }

    private static JsonObject object(String name, JsonValue value) {
        if (value == null || value == JsonValue.NULL) return JsonValue.EMPTY_JSON_OBJECT;
        if (value instanceof JsonObject object) return object;
        var example = "{\"h5_info\": {\"type\": \"Wap\", \"wap_url\": …}}";
        throw new WrongNodeValue(
                new LocalizedText(name + " 必须是对象，例如 " + example, name + " must be an object, for instance " + example));
    }

    /** As v2 takes it: {@code scene_info}. */
    JsonObject v2() {
        var page = info.containsKey("type")
                ? info
                : Json.createObjectBuilder(info).add("type", "Wap").build();
        return Json.createObjectBuilder().add("h5_info", page).build();
    }

    /** As v3 takes it: {@code scene_info.h5_info}. */
    JsonObject v3() {
        var page = Json.createObjectBuilder().add("type", info.getString("type", "Wap"));
        if (info.containsKey(NAME)) page.add("app_name", info.getString(NAME));
        if (info.containsKey(URL)) page.add("app_url", info.getString(URL));
        return page.build();
    }

    /** @throws WrongNodeValue for a text that v2 would refuse as too long */
    void checkV2() {
        var most = WxpayTexts.SCENE_INFO.most();
        require(
                WxpayTexts.SCENE_INFO.holds(v2().toString()),
                "sceneInfo 作为 JSON 文本最多 " + most + " 个字符",
                "sceneInfo must have at most " + most + " characters as a JSON text");
    }

    /** @throws WrongNodeValue for a text that v3 would refuse as too long */
    void checkV3() {
        check(NAME, WxpayTexts.APP_NAME);
        check(URL, WxpayTexts.APP_URL);
    }

    private void check(String name, TextLimit limit) {
        require(
                limit.holds(info.getString(name, "")),
                NODE + "." + name + " 最多 " + limit.most() + " 个字符",
                NODE + "." + name + " must have at most " + limit.most() + " characters");
    }
}
