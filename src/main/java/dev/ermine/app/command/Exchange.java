package dev.ermine.app.command;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange of a trial, bounded in time and bytes, that follows no redirect; what fails
 * becomes a sentence.
 */
final class Exchange {

  private static final long MOST_BYTES = 4 << 20;

  private final HttpClient http;
  private final Duration patience;

  Exchange(HttpClient http, Duration patience) {
    this.http = http;
    this.patience = patience;
  }

  /** Why there was no answer, in a sentence with what to do. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String sentence) {
      super(sentence, null, false, false);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }

    /** The same, with the place before what to do. */
    Failed at(String place) {
      return new Failed(sentence().replaceFirst(";", " at " + place + ";"));
    }
  }

  HttpResponse<byte[]> send(HttpRequest request) throws Failed {
    resolve(request.uri());
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Failed(
          "did not answer whole within %d s; have its operators look at its load"
              .formatted(patience.toSeconds()));
    } catch (ExecutionException e) {
      throw new Failed(sentence(e, request.uri()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("was not tried to the end; try again");
    } finally {
      answer.cancel(true);
    }
  }

  private static void resolve(URI uri) throws Failed {
    try {
      InetAddress.getAllByName(uri.getHost());
    } catch (UnknownHostException e) {
      throw new Failed(unknown(uri));
    }
  }

  private static String unknown(URI uri) {
    return "`" + uri.getHost() + "` is not known to DNS; correct the address, or the resolver";
  }

  private static String sentence(ExecutionException failure, URI uri) {
    return of(failure, UnresolvedAddressException.class)
        .map(_ -> unknown(uri))
        .or(() -> of(failure, SSLException.class).map(Exchange::ofTls))
        .or(
            () ->
                of(failure, HttpConnectTimeoutException.class)
                    .map(_ -> "takes no connection in time; have the firewalls between looked at"))
        .or(
            () ->
                of(failure, ConnectException.class)
                    .map(_ -> "refuses connections; have its operators see whether it runs"))
        .or(() -> of(failure, IOException.class).map(Exchange::ofWire))
        .orElse("could not be tried; tell the gateway's makers");
  }

  private static String ofTls(SSLException failure) {
    if (of(failure, CertificateExpiredException.class).isPresent()) {
      return "shows a certificate that has expired; have it renewed";
    } else if (of(failure, CertificateNotYetValidException.class).isPresent()) {
      return "shows a certificate that is not valid yet; have its clock and certificate looked at";
    } else if (of(failure, CertPathBuilderException.class).isPresent()
        || of(failure, CertPathValidatorException.class).isPresent()) {
      return "shows a certificate that chains to none of its `anchors`; ask who issued it";
    } else if (of(failure, CertificateException.class).isPresent()) {
      return "shows a certificate for another host name; correct the address, or have it reissued";
    }
    return "breaks off TLS: it does not take our client certificate, or none was shown, or no"
        + " protocol is common; give it the CA of our certificate";
  }

  private static String ofWire(IOException failure) {
    String said = String.valueOf(failure.getMessage());
    return said.contains("body exceeds")
        ? "sends more than %d bytes; have its operators look at it".formatted(MOST_BYTES)
        : "breaks the connection off before its answer is whole; have its operators look at it";
  }

  private static <T extends Throwable> Optional<T> of(Throwable failure, Class<T> kind) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return Optional.of(kind.cast(cause));
      }
    }
    return Optional.empty();
  }
}
