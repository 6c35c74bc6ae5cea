export { createJobConsumer, type JobConsumer, type JobConsumerOptions } from './consumer.js';
export { createJobProducer, type JobProducerOptions, type QueueDepth, type RunJobProducer } from './producer.js';
