package dev.ermine.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TLS connection that sends what it is told, byte for byte. */
public final class RawTls implements AutoCloseable {

  private static final Pattern CONTENT_LENGTH =
      Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)\r\n");

  private final SSLSocket socket;

  public RawTls(SSLContext context, int port) throws IOException {
    socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(20_000);
  }

  public RawTls send(String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return this;
  }

  /** One answer of a connection that stays open: its head, and a body of the length it states. */
  public String readAnswer() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new EOFException("closed after: " + answer);
      }
      answer.append((char) read);
    }
    Matcher length = CONTENT_LENGTH.matcher(answer);
    if (!length.find()) {
      throw new IOException("no length: " + answer);
    }
    byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
    return answer.append(new String(body, StandardCharsets.ISO_8859_1)).toString();
  }

  /**
   * All that comes until the server closes; what came before a silence ends with {@code SILENCE}.
   */
  public String readToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      all.writeBytes("SILENCE".getBytes(StandardCharsets.ISO_8859_1));
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
