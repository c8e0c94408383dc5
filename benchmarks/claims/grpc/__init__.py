"""The bookstore over gRPC, by grpcio and Protocol Buffers, beside REST and GraphQL."""
