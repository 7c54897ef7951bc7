package dev.ermine.peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * The event loops that regions are asked on. They are not those of the door: under more load than
 * the processors can do, whoever comes to it is heard all the same, and what there is no room for
 * is refused at once.
 */
public final class PeerVertx {

  private PeerVertx() {}

  /** As many as there are processors, with as many threads aside. It writes no files. */
  public static Vertx open() {
    int processors = Runtime.getRuntime().availableProcessors();
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(processors)
            .setWorkerPoolSize(processors)
            .setInternalBlockingPoolSize(processors)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }
}
