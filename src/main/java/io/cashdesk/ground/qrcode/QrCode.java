package io.cashdesk.ground.qrcode;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Draws a text as a QR code, as SVG or PNG. */
public final class QrCode {
    /** Width of the white border in modules; ISO/IEC 18004 requires four. */
    private static final int QUIET_ZONE = 4;

    private QrCode() {}

    /**
     * An {@code <svg>} element without height: black on white including the border, in every colour theme.
     *
     * @param pixels width of the code itself in CSS pixels; the border comes on top of it, so that the element is wider
     */
    public static String svg(String text, int pixels) {
        var matrix = modules(text, ErrorCorrectionLevel.M);
        int size = matrix.getWidth() + 2 * QUIET_ZONE;
        var path = new StringBuilder();
        for (int y = 0; y < matrix.getHeight(); y++) {
            for (int x = 0; x < matrix.getWidth(); x++) {
                int from = x;
                while (x < matrix.getWidth() && matrix.get(x, y) == 1) x++;
                if (x > from) {
                    path.append('M').append(from + QUIET_ZONE).append(' ').append(y + QUIET_ZONE);
                    path.append('h')
                            .append(x - from)
                            .append("v1h-")
                            .append(x - from)
                            .append('z');
                }
            }
        }
        var width = String.format(Locale.ROOT, "%.3f", (double) pixels * size / matrix.getWidth());
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                        .formatted(width, size, size)
                + "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>".formatted(size, size)
                + "<path d=\"" + path + "\"/></svg>";
    }

    /**
     * A data URL of a PNG, about 200 pixels wide, one module of margin, error correction Q, as docs/api.md describes
     * for {@code needQRcode: "image"}.
     */
    public static String pngDataUrl(String text) {
        var matrix = modules(text, ErrorCorrectionLevel.Q);
        int modules = matrix.getWidth() + 2;
        int scale = Math.max(1, 200 / modules);
        int border = (200 - matrix.getWidth() * scale) / 2;
        int width = Math.max(200, modules * scale);
        if (width > 200) border = scale;
        var image = new BufferedImage(width, width, BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < width; y++) {
            for (int x = 0; x < width; x++) {
                int mx = Math.floorDiv(x - border, scale);
                int my = Math.floorDiv(y - border, scale);
                boolean inside = mx >= 0 && my >= 0 && mx < matrix.getWidth() && my < matrix.getHeight();
                image.setRGB(x, y, inside && matrix.get(mx, my) == 1 ? 0xff000000 : 0xffffffff);
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private static ByteMatrix modules(String text, ErrorCorrectionLevel level) {
        try {
            return Encoder.encode(text, level, Map.of(EncodeHintType.CHARACTER_SET, "UTF-8"))
                    .getMatrix();
        } catch (WriterException e) {
            throw new IllegalArgumentException("no QR code can hold this text of " + text.length() + " characters", e);
        }
    }
}
