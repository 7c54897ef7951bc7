package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that does to each connection exactly what a script says, byte by byte, over
 * mutual TLS. A connection is served on a thread of its own.
 */
public final class EvilPeer implements AutoCloseable {

  /** What is done to one connection. When it returns the connection is closed. */
  @FunctionalInterface
  public interface Script {
    void serve(Line line) throws IOException;

    /** An ordinary server: answers each request with raw bytes, until the client goes. */
    static Script answering(Function<Request, String> answer) {
      return line -> {
        for (Request request = line.next(); request != null; request = line.next()) {
          line.write(answer.apply(request));
        }
      };
    }
  }

  /** A request as it came: request line, header lines, body. */
  public record Request(String line, List<String> headers, String body) {

    /** The first value of a header. */
    public @Nullable String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(start))
          .map(header -> header.substring(start.length()).strip())
          .findFirst()
          .orElse(null);
    }

    /** Path and query. */
    public String target() {
      return line.split(" ", 3)[1];
    }

    /** Whether it is about nobody and for nobody: it opens a connection, and asks for nothing. */
    private boolean opensOnly() {
      return line.matches("HEAD \\S*/metadata HTTP/1\\.1")
          && header("Authorization") == null
          && header("traceparent") == null;
    }
  }

  private final ServerSocket door;
  private final SSLContext tls;
  private final UnaryOperator<SSLParameters> parameters;
  private final Script script;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final Queue<Request> warmUps = new ConcurrentLinkedQueue<>();
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

  /** A peer that serves every connection by {@code script}. */
  public EvilPeer(SSLContext tls, Script script) {
    this(tls, any -> any, script);
  }

  /** A peer whose TLS is other than usual. */
  public EvilPeer(SSLContext tls, UnaryOperator<SSLParameters> parameters, Script script) {
    this.tls = tls;
    this.parameters = parameters;
    this.script = script;
    try {
      this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().name("evil-peer").start(this::accept);
  }

  /** Its FHIR base. */
  public URI base() {
    return URI.create("https://localhost:" + door.getLocalPort() + "/fhir");
  }

  /** The requests that came so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Those that opened a connection and asked for nothing. */
  public List<Request> warmUps() {
    return List.copyOf(warmUps);
  }

  /** The connections that came so far, in order. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Line line = new Line(door.accept(), lines.size());
        lines.add(line);
        Thread.ofPlatform().daemon().name("evil-line").start(() -> serve(line));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Line line) {
    try {
      try {
        script.serve(line);
      } finally {
        line.end();
      }
    } catch (IOException gone) {
      line.gone.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Line line : lines) {
      line.raw.close();
    }
  }

  /** One connection, from the peer's side. TLS is agreed with the first byte read or written. */
  public final class Line {

    private final Socket raw;
    private final int number;
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile @Nullable SSLSocket secure;

    private Line(Socket raw, int number) throws IOException {
      this.raw = raw;
      this.number = number;
      raw.setTcpNoDelay(true);
      raw.setSoTimeout(20_000);
    }

    /** Which connection this is, from zero. */
    public int number() {
      return number;
    }

    /** The certificate that the client showed. */
    public X509Certificate client() throws IOException {
      return (X509Certificate) secured().getSession().getPeerCertificates()[0];
    }

    /** The session of TLS that was agreed, or agreed before and resumed. */
    public SSLSession session() throws IOException {
      return secured().getSession();
    }

    /**
     * The next request, or null when the client has gone. A request that warms the connection up is
     * answered as by any server, and is none of a script's.
     */
    public @Nullable Request next() throws IOException {
      while (true) {
        Request request = any();
        if (request == null || !request.opensOnly()) {
          if (request != null) {
            requests.add(request);
          }
          return request;
        }
        warmUps.add(request);
        write(
            "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 9\r\n\r\n");
      }
    }

    private @Nullable Request any() throws IOException {
      String line = head();
      if (line == null) {
        gone.countDown();
        return null;
      }
      List<String> headers = new java.util.ArrayList<>();
      for (String header = head(); header != null && !header.isEmpty(); header = head()) {
        headers.add(header);
      }
      Request bare = new Request(line, List.copyOf(headers), "");
      String length = bare.header("Content-Length");
      byte[] body =
          secured().getInputStream().readNBytes(length == null ? 0 : Integer.parseInt(length));
      return new Request(line, bare.headers(), new String(body, UTF_8));
    }

    /** Sends bytes as they stand, {@code \n} too. */
    public void write(String bytes) throws IOException {
      write(bytes.getBytes(UTF_8));
    }

    /** Sends bytes. */
    public void write(byte[] bytes) throws IOException {
      OutputStream out = secured().getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** Tears the connection down with RST. */
    public void reset() throws IOException {
      raw.setSoLinger(true, 0);
      raw.close();
    }

    /** Ends sending with FIN, without TLS's own goodbye, and goes on reading. */
    public void halfClose() throws IOException {
      raw.shutdownOutput();
    }

    /** Ends the connection, with TLS's goodbye where TLS was agreed. */
    public void end() throws IOException {
      if (secure != null) {
        secure.close();
      }
      raw.close();
    }

    /** Waits until the client has closed; whatever it still sends is thrown away. */
    public void awaitClose() throws IOException {
      InputStream in = raw.getInputStream();
      try {
        while (in.read() >= 0) {
          // The bytes do not matter.
        }
      } finally {
        gone.countDown();
      }
    }

    /** Whether the client has gone, within {@code seconds}. */
    public boolean isLeftWithin(int seconds) throws InterruptedException {
      return gone.await(seconds, TimeUnit.SECONDS);
    }

    /** Waits. */
    public void pause(int millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private @Nullable String head() throws IOException {
      InputStream in = secured().getInputStream();
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          return line.toString().strip();
        }
        line.append(new String(new byte[] {(byte) next}, ISO_8859_1));
      }
      return null;
    }

    private SSLSocket secured() throws IOException {
      if (secure == null) {
        SSLSocket socket =
            (SSLSocket) tls.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), false);
        socket.setUseClientMode(false);
        SSLParameters wanted = socket.getSSLParameters();
        wanted.setNeedClientAuth(true);
        socket.setSSLParameters(parameters.apply(wanted));
        socket.startHandshake();
        secure = socket;
      }
      return secure;
    }
  }
}
