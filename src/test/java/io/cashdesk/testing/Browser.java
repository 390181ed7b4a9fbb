package io.cashdesk.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Debian's Chromium, without a window. If it is not installed the test is skipped with a message; with CI=true it
 * fails.
 */
public final class Browser implements AutoCloseable {
    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");

    private final ChromeDriver driver;

    /** The window and the settings of a browser. */
    public record Screen(int width, int height, String language, boolean dark, boolean scripts, String userAgent) {
        public Screen(int width, int height, String language, boolean dark, boolean scripts) {
            this(width, height, language, dark, scripts, "");
        }

        public static Screen desktop() {
            return new Screen(1440, 900, "zh-CN", false, true);
        }

        /** A phone whose browser has this User-Agent. */
        public static Screen phone(String userAgent) {
            return new Screen(390, 844, "zh-CN", false, true, userAgent);
        }

        public Screen withoutScripts() {
            return new Screen(width, height, language, dark, false, userAgent);
        }
    }

    /** @param more arguments of Chromium */
    public Browser(Screen screen, String... more) {
        var there = CHROMIUM.canExecute() && DRIVER.canExecute();
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(
                    "CI=true needs /usr/bin/chromium and /usr/bin/chromedriver: install chromium chromium-driver");
        }
        assumeTrue(
                there, "Browser tests are skipped: install the packages chromium, chromium-driver and fonts-noto-cjk");
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=" + screen.width() + "," + screen.height(),
                "--lang=" + screen.language(),
                "--blink-settings=preferredColorScheme=" + (screen.dark() ? 0 : 1));
        options.addArguments(more);
        if (!screen.userAgent().isEmpty()) options.addArguments("--user-agent=" + screen.userAgent());
        Map<String, Object> preferences = new HashMap<>(Map.of("intl.accept_languages", screen.language()));
        if (!screen.scripts()) preferences.put("profile.managed_default_content_settings.javascript", 2);
        options.setExperimentalOption("prefs", preferences);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER)
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        // a headless window is at least 500 px wide; the page itself can be emulated as a phone
        if (screen.width() < 500) {
            driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", screen.width(), "height", screen.height(), "deviceScaleFactor", 2, "mobile", true));
        }
    }

    /** Changes the size of the page and its colour theme; below 640 pixels it is a phone's. */
    public void become(int width, int height, boolean dark) {
        var metrics =
                Map.<String, Object>of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 640);
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", metrics);
        var scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    /** Runs this before any script of every page: what a wallet's own browser provides. */
    public void runFirst(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    public ChromeDriver driver() {
        return driver;
    }

    public void open(String url) {
        driver.get(url);
    }

    public WebElement find(String css) {
        return waitFor(css, Duration.ofSeconds(10));
    }

    /**
     * The first element of this selector that can be seen, as soon as there is one.
     *
     * @param atMost on a machine that is not busy
     */
    public WebElement waitFor(String css, Duration atMost) {
        return new WebDriverWait(driver, Machine.limit(atMost))
                .withMessage(css + " on " + driver.getCurrentUrl())
                .ignoring(StaleElementReferenceException.class)
                .until(d -> d.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** The text of that element. The page may be swapped between a find and a read, so both happen again then. */
    public String text(String css) {
        return read(css, WebElement::getText);
    }

    /** An attribute of that element, null if it has none; see {@link #text}. */
    public String attribute(String css, String name) {
        return read(css, e -> e.getAttribute(name));
    }

    private String read(String css, Function<WebElement, String> reading) {
        return again(() -> reading.apply(find(css)));
    }

    private static <T> T again(Supplier<T> reading) {
        for (int tries = 1; ; tries++) {
            try {
                return reading.get();
            } catch (StaleElementReferenceException e) {
                if (tries == 5) throw e;
            }
        }
    }

    public boolean shows(String css) {
        return again(() -> driver.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed));
    }

    public void click(String css) {
        find(css).click();
    }

    public void inNewTab(String url) {
        driver.switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
        driver.get(url);
    }

    public void toTab(String handle) {
        driver.switchTo().window(handle);
    }

    /** Saves a screenshot in {@code target/screenshots}. */
    public void picture(String name) {
        var directory = TestRun.directory().resolve("screenshots");
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
