package dev.ermine.audit;

import org.jspecify.annotations.Nullable;

/** An audit record could not be made durable. */
public final class AuditUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AuditUnavailableException(String message) {
    super(message);
  }

  public AuditUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
