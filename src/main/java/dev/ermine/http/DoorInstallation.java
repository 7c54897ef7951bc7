package dev.ermine.http;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The door, set before every other route. */
@Singleton
class DoorInstallation {

  private static final int BEFORE_ALL = Integer.MIN_VALUE + 10;

  private final Door door;

  DoorInstallation(Door door) {
    this.door = door;
  }

  void install(@Observes Router router) {
    router.route().order(BEFORE_ALL).handler(door).failureHandler(door::failed);
  }
}
